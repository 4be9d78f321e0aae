"""Every page of every room, found by the URL map in a site with data, for tests that look at all of them."""
