package groth16

import (
	"encoding/json"

	"fairlead.dev/prover/internal/parallel"
)

// Item is a proof with its public signals as others hand them in: not parsed, and perhaps malformed.
type Item struct {
	Proof   json.RawMessage `json:"proof"`
	Publics json.RawMessage `json:"publicSignals"`
}

// VerifyItems is [VerifyingKey.VerifyAll] for items; a malformed one is invalid, whatever else is in the batch.
func (vk *VerifyingKey) VerifyItems(items []Item) []int {
	statements := make([]Statement, len(items))
	parallel.Each(len(items), func(i int) {
		proof := new(Proof)
		if proof.UnmarshalJSON(items[i].Proof) != nil || statements[i].Publics.UnmarshalJSON(items[i].Publics) != nil {
			return
		}
		statements[i].Proof = proof
	})
	return vk.VerifyAll(statements)
}
