"""An edition on paper: a leaflet or a newspaper as PDF, set by Typst from a tree of plain data."""
