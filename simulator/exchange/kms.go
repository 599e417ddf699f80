package exchange

import "keyhole/simulator/world"

// FindKey is the KMS key that a header or a bucket's setting of S3 means: a key id, an alias or an ARN; "" is the key AWS
// manages for S3 in the caller's account, which is made on its first use.
func (x *Exchange) FindKey(id string) (world.KMSKey, *Fault) {
	return world.KMSKey{}, soon()
}

// UseKey asks whether the caller may have S3 do action ("kms:GenerateDataKey") with a key, under an encryption context,
// and then whether the key's state and kind let it. The decision joins the trace; why is that of Authorize.
func (x *Exchange) UseKey(k world.KMSKey, action string, context map[string]string, why string) *Fault {
	return soon()
}

// DataKey is a new key of 32 bytes and the same as k wrapped it. It asks for no permission: UseKey comes first.
func (x *Exchange) DataKey(k world.KMSKey, context map[string]string) (plain, blob []byte) {
	return nil, nil
}

// OpenDataKey is the data key in a blob. It asks for no permission: UseKey comes first.
func (x *Exchange) OpenDataKey(blob []byte, context map[string]string) (plain []byte, f *Fault) {
	return nil, soon()
}

func soon() *Fault { return Err(501, "NotImplemented", "KMS keys are not there yet.") }
