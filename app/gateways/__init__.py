"""The only doors outside: each a Protocol, its real class and its table of errors. Web and workers alone come here."""
