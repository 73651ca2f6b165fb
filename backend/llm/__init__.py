"""Language models behind the port: any OpenAI-compatible endpoint, and the built-in model."""
