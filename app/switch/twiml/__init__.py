"""TwiML for calls: the documents and their verbs, a small file for one or two of them."""
