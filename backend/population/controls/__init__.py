"""What an operator asks of a population, and the lives that follow from it."""
