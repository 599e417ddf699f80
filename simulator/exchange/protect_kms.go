package exchange

import "keyhole/simulator/sse"

func (x *Exchange) sealKMS(d *sse.SealDecision) (sse.CustomerSecret, *Fault) {
	return sse.CustomerSecret{}, Err(501, "NotImplemented", "A header you provided implies functionality that is not implemented").Told("Encryption with KMS keys is on its way.")
}

func (x *Exchange) openKMS(stored sse.Sealed, checks *[]sse.KeyCheck, why string) (sse.CustomerSecret, *Fault) {
	return sse.CustomerSecret{}, Err(501, "NotImplemented", "A header you provided implies functionality that is not implemented").Told("Encryption with KMS keys is on its way.")
}

func told(f *Fault) *sse.Refusal {
	return &sse.Refusal{Status: f.Status, Code: f.Code, Message: f.Message, Say: f.Say}
}
