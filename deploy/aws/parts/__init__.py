"""The parts of one environment, each a construct with the values that the next one needs."""
