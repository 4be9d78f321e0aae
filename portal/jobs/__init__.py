"""What somebody started that is too long for one request: a large file, a large batch. The worker carries it out."""
