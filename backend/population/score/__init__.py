"""The scorecard: a population beside public figures of real customers, a verdict a row."""
