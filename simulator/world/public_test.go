package world

import "testing"

func TestPublicAccessIsOnWhereBucketOrAccountHasItOn(t *testing.T) {
	for name, row := range map[string]struct {
		bucket  PublicBlock
		account *PublicBlock
		want    PublicBlock
	}{
		"the account says nothing":   {PublicBlock{BlockPublicPolicy: true}, nil, PublicBlock{BlockPublicPolicy: true}},
		"the account is open":        {PublicBlock{BlockPublicPolicy: true}, &PublicBlock{}, PublicBlock{BlockPublicPolicy: true}},
		"one is of the account":      {PublicBlock{}, &PublicBlock{RestrictPublicBuckets: true}, PublicBlock{RestrictPublicBuckets: true}},
		"one each":                   {PublicBlock{BlockPublicACLs: true}, &PublicBlock{IgnorePublicACLs: true}, PublicBlock{BlockPublicACLs: true, IgnorePublicACLs: true}},
		"all four are the account's": {PublicBlock{}, &PublicBlock{true, true, true, true}, PublicBlock{true, true, true, true}},
	} {
		w := New(Options{})
		if err := w.Apply(AccountPublicSet(DefaultAccount, row.account)); err != nil {
			t.Fatal(err)
		}
		b := w.NewBucket("vault", DefaultAccount)
		b.Public = row.bucket
		if got := w.PublicAccess(&b); got != row.want {
			t.Errorf("%s: %+v, want %+v", name, got, row.want)
		}
	}
}
