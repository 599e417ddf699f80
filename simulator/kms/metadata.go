package kms

import (
	"strconv"
	"time"

	"keyhole/simulator/kmskey"
	"keyhole/simulator/world"
)

// moment is a time as the JSON protocol writes it: seconds since 1970, with milliseconds.
type moment time.Time

// MarshalJSON writes no exponent, which some clients do not read.
func (m moment) MarshalJSON() ([]byte, error) {
	return []byte(strconv.FormatFloat(float64(time.Time(m).UnixMilli())/1000, 'f', -1, 64)), nil
}

// at is a moment, or nothing for the zero time.
func at(t time.Time) *moment {
	if t.IsZero() {
		return nil
	}
	m := moment(t)
	return &m
}

// metadata is KeyMetadata. (recorded: localstack's KMS snapshots)
type metadata struct {
	AWSAccountId             string
	KeyId                    string
	Arn                      string
	CreationDate             *moment
	Enabled                  bool
	Description              string
	KeyUsage                 string
	KeyState                 string
	DeletionDate             *moment `json:",omitempty"`
	Origin                   string
	KeyManager               string
	CustomerMasterKeySpec    string
	KeySpec                  string
	EncryptionAlgorithms     []string `json:",omitempty"`
	SigningAlgorithms        []string `json:",omitempty"`
	KeyAgreementAlgorithms   []string `json:",omitempty"`
	MacAlgorithms            []string `json:",omitempty"`
	MultiRegion              bool
	MultiRegionConfiguration *multiRegion `json:",omitempty"`
	CurrentKeyMaterialId     string       `json:",omitempty"`
}

type multiRegion struct {
	MultiRegionKeyType string
	PrimaryKey         regional
	ReplicaKeys        []regional
}

type regional struct{ Arn, Region string }

func metadataOf(k world.KMSKey) metadata {
	m := metadata{
		AWSAccountId: k.Account, KeyId: k.ID, Arn: k.ARN, CreationDate: at(k.Created), Enabled: k.State == kmskey.Enabled, Description: k.Description,
		KeyUsage: k.Usage, KeyState: k.State, DeletionDate: at(k.Deletion), Origin: k.Origin, KeyManager: k.Manager,
		CustomerMasterKeySpec: k.Spec, KeySpec: k.Spec, MultiRegion: k.MultiRegion,
	}
	spec, _ := kmskey.SpecOf(k.Spec)
	switch k.Usage {
	case kmskey.EncryptDecrypt:
		m.EncryptionAlgorithms = spec.Encryption
	case kmskey.SignVerify:
		m.SigningAlgorithms = spec.Signing
	case kmskey.MAC:
		m.MacAlgorithms = spec.MAC
	case kmskey.Agreement:
		m.KeyAgreementAlgorithms = spec.Agreement
	}
	if k.Spec == kmskey.Symmetric && len(k.Material) > 0 {
		m.CurrentKeyMaterialId = k.Material[len(k.Material)-1].ID
	}
	if k.MultiRegion {
		m.MultiRegionConfiguration = &multiRegion{"PRIMARY", regional{k.ARN, k.Region}, []regional{}}
	}
	return m
}
