package world

// AWS is the account of the managed policies that AWS makes.
const AWS = "aws"

func builtIn() map[string]ManagedPolicy { return nil }
