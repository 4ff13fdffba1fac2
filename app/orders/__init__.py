"""The service order: what somebody asked for, its two clocks, states and timeline."""
