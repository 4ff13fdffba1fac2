"""The proofs about a flow: the walk over every state and every input, and the rules that are read off it."""
