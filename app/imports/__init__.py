"""Take over residents, workers, areas and services from offices' spreadsheets: good rows in, bad rows out."""
