"""How Puls is delivered: image, machine, clusters, and the trials of each."""
