"""What is measured, as ratios within one run; each prints its figures and the command that repeats them."""
