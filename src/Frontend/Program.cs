using CosyOrleans.Frontend;

return await FrontendHost.RunAsync(args);
