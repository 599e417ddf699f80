package world

import "encoding/json"

// learner is the one user of a world that nobody described: an administrator.
func learner() []fileUser {
	const everything = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`
	return []fileUser{{name: "admin", policies: map[string]json.RawMessage{"AdministratorAccess": json.RawMessage(everything)}}}
}
