"""An edition's articles in the form of IPTC ninjs."""
