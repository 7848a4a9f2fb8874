// Tests that count the tensors of the process look at it alone.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
