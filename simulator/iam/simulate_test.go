package iam

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"keyhole/simulator/policy"
)

const (
	anaARN = "arn:aws:iam::111122223333:user/ana"
	denyIP = `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"s3:*","Resource":"*","Condition":{"NotIpAddress":{"aws:SourceIp":"10.0.0.0/8"}}}]}`
)

func TestSimulations(t *testing.T) {
	d := newDesk(t)
	ask := "PolicySourceArn=" + anaARN + "&ActionNames.member.1=s3:GetObject&ResourceArns.member.1=arn:aws:s3:::b/k"
	d.play(
		step{"nothing allows it", "SimulatePrincipalPolicy", ask, "<EvalDecision>implicitDeny</EvalDecision><MatchedStatements></MatchedStatements><MissingContextValues></MissingContextValues>"},
		step{"a policy", "PutUserPolicy", "UserName=ana&PolicyName=read&" + sent("PolicyDocument", readObjects), "*"},
		step{"allows it, and which statement", "SimulatePrincipalPolicy", ask, "<EvalDecision>allowed</EvalDecision><MatchedStatements><member><SourcePolicyId>read</SourcePolicyId><SourcePolicyType>IAM Policy</SourcePolicyType><StartPosition><Line>1</Line><Column>38</Column></StartPosition><EndPosition><Line>1</Line><Column>110</Column></EndPosition></member></MatchedStatements>"},
		step{"another action", "SimulatePrincipalPolicy", strings.Replace(ask, "GetObject", "PutObject", 1), "<EvalDecision>implicitDeny</EvalDecision>"},
		step{"a Deny more, whose condition holds without its key", "SimulatePrincipalPolicy", ask + "&" + sent("PolicyInputList.member.1", denyIP), "<EvalDecision>explicitDeny</EvalDecision><MatchedStatements><member><SourcePolicyId>PolicyInputList.1</SourcePolicyId>"},
		step{"the key is told", "SimulatePrincipalPolicy", ask + "&" + sent("PolicyInputList.member.1", denyIP), "<MissingContextValues><member>aws:SourceIp</member></MissingContextValues>"},
		step{"with the key", "SimulatePrincipalPolicy", ask + "&" + sent("PolicyInputList.member.1", denyIP) + "&ContextEntries.member.1.ContextKeyName=aws:SourceIp&ContextEntries.member.1.ContextKeyType=ip&ContextEntries.member.1.ContextKeyValues.member.1=10.1.2.3", "<EvalDecision>allowed</EvalDecision>"},
		step{"a boundary that allows something else", "SimulatePrincipalPolicy", ask + "&" + sent("PermissionsBoundaryPolicyInputList.member.1", strings.Replace(readObjects, "Get", "Put", 1)), "<EvalDecision>implicitDeny</EvalDecision>"},
		step{"is told", "SimulatePrincipalPolicy", ask + "&" + sent("PermissionsBoundaryPolicyInputList.member.1", strings.Replace(readObjects, "Get", "Put", 1)), "<PermissionsBoundaryDecisionDetail><AllowedByPermissionsBoundary>false</AllowedByPermissionsBoundary>"},
		step{"of another account", "SimulatePrincipalPolicy", strings.Replace(ask, "111122223333:user/ana", "444455556666:user/bob", 1), "404 NoSuchEntity The entity with arn arn:aws:iam::444455556666:user/bob cannot be found."},
		step{"a session is no source", "SimulatePrincipalPolicy", strings.Replace(ask, anaARN, "arn:aws:sts::111122223333:assumed-role/app/x", 1), "400 InvalidInput Invalid Entity Arn: arn:aws:sts::111122223333:assumed-role/app/x does not clearly define entity type and name."},
		step{"a star is no action", "SimulatePrincipalPolicy", strings.Replace(ask, "s3:GetObject", "s3:*", 1), "400 InvalidInput Invalid Action Name: s3:*"},
		step{"a role", "SimulatePrincipalPolicy", strings.Replace(ask, "user/ana", "role/app", 1), "<EvalDecision>implicitDeny</EvalDecision>"},
		step{"policies alone", "SimulateCustomPolicy", "ActionNames.member.1=s3:GetObject&ResourceArns.member.1=arn:aws:s3:::b/k&" + sent("PolicyInputList.member.1", readObjects), "<EvalDecision>allowed</EvalDecision>"},
		step{"a bucket policy needs a caller", "SimulateCustomPolicy", "ActionNames.member.1=s3:GetObject&" + sent("PolicyInputList.member.1", readObjects) + "&" + sent("ResourcePolicy", readObjects), "400 InvalidInput CallerArn is required when a ResourcePolicy is given."},
		step{"a bucket policy alone allows in the account", "SimulateCustomPolicy", "ActionNames.member.1=s3:PutObject&ResourceArns.member.1=arn:aws:s3:::b/k&CallerArn=" + anaARN + "&" + sent("PolicyInputList.member.1", readObjects) + "&" +
			sent("ResourcePolicy", `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"AWS":"`+anaARN+`"},"Action":"s3:PutObject","Resource":"arn:aws:s3:::b/*"}}`), "<EvalDecision>allowed</EvalDecision><MatchedStatements><member><SourcePolicyId>ResourcePolicy</SourcePolicyId>"},
		step{"no policy", "SimulateCustomPolicy", "ActionNames.member.1=s3:GetObject&" + sent("PolicyInputList.member.1", "{}"), "400 InvalidInput PolicyInputList.1: Missing required field Statement"},
		step{"keys of a policy", "GetContextKeysForCustomPolicy", sent("PolicyInputList.member.1", strings.Replace(denyIP, `"*"`, `"arn:aws:s3:::b/${aws:username}/${aws:PrincipalTag/team, 'none'}"`, 1)), "<ContextKeyNames><member>aws:PrincipalTag/team</member><member>aws:SourceIp</member><member>aws:username</member></ContextKeyNames>"},
		step{"keys of a user's", "GetContextKeysForPrincipalPolicy", "PolicySourceArn=" + anaARN, "<ContextKeyNames></ContextKeyNames>"},
	)
}

// A simulation goes by pages of pairs.
func TestASimulationOfManyPairs(t *testing.T) {
	d := newDesk(t)
	form := url.Values{"PolicySourceArn": {anaARN}, "MaxItems": {"2"}}
	for i, action := range []string{"s3:GetObject", "s3:PutObject", "s3:ListBucket"} {
		form.Set("ActionNames.member."+string(rune('1'+i)), action)
	}
	answer := d.call("SimulatePrincipalPolicy", form.Encode())
	if strings.Count(answer, "<EvalActionName>") != 2 || !strings.Contains(answer, "<IsTruncated>true") || strings.Contains(answer, "ResourceSpecificResults") {
		t.Error(answer)
	}
	for i := range MaxSimulations {
		form.Set("ResourceArns.member."+string(rune('0'+i/100))+string(rune('0'+i/10%10))+string(rune('0'+i%10)), "arn:aws:s3:::b")
	}
	if answer = d.call("SimulatePrincipalPolicy", form.Encode()); !strings.HasPrefix(answer, "400 InvalidInput") {
		t.Errorf("%d pairs: %.80s", 3*MaxSimulations, answer)
	}
}

// Where AWS says a statement begins and ends: behind the bracket, brace or colon before it. The first is AdministratorAccess
// as public answers of SimulatePrincipalPolicy have it.
func TestPlacesOfStatements(t *testing.T) {
	for what, row := range map[string]struct {
		text string
		want []int // line and column of the first statement's start and end, then the next one's
	}{
		"two spaces":       {"{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": [\n    {\n      \"Effect\": \"Allow\",\n      \"Action\": \"*\",\n      \"Resource\": \"*\"\n    }\n  ]\n}", []int{3, 17, 8, 6}},
		"no list":          {`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}`, []int{1, 37, 1, 83}},
		"two, on one line": {`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}, {"Effect":"Deny","Action":"s3:*","Resource":"*"}]}`, []int{1, 38, 1, 84, 1, 84, 1, 134}},
	} {
		doc, err := policy.Decode([]byte(row.text))
		if err != nil {
			t.Fatal(err)
		}
		var got []int
		for i := range doc.Statements {
			m := match(policy.Identity, policy.Attached{Document: doc}, &doc.Statements[i])
			got = append(got, m.StartPosition.Line, m.StartPosition.Column, m.EndPosition.Line, m.EndPosition.Column)
		}
		if !slices.Equal(got, row.want) {
			t.Errorf("%s: %v, want %v", what, got, row.want)
		}
	}
}
