"""The demo's and the tests' own PostgreSQL and Valkey, started from wheels without any system package.

An island: it knows nothing of the house but core. Production brings its own servers and never comes here.
"""

from app.stores.errors import StoresError
from app.stores.start import Stores, running

__all__ = ["Stores", "StoresError", "running"]
