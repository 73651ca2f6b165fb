"""One module a revision; none is changed once it has been released."""
