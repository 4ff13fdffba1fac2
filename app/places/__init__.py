"""Where things are: district, subdistricts, communities, addresses and distances."""
