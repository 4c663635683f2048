"""What other programs are handed of a whole commons: tables of records, ratings and scores.

All of it is derived: it follows from the files of the commons, proves nothing by itself, and can be made
anew.
"""
