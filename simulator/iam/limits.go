package iam

// Limits of this simulator, next to IAM's own quotas, which are in package world.
const (
	SandboxEntities = 500 // users, groups, roles or managed policies of one account: a classroom is one process
	MaxSimulations  = 200 // action and resource pairs of one simulation
)
