// Most of these tests wait: for processes, for connections, for limits of time to pass. Meanwhile others compute.
[assembly: CollectionBehavior(MaxParallelThreads = 4)]
