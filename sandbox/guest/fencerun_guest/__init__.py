"""What runs inside the sandbox next to the program: library archive, event loop, process emulation, runner."""
