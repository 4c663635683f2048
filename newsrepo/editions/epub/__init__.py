"""An edition as an EPUB: a book for readers on a train, made of the same stories as the paper."""
