package world

import (
	"errors"
	"strings"
	"testing"
)

func TestWhatAKeyHolds(t *testing.T) {
	// Each step is a word: "put a" stores body a, "delete" is a DELETE without version id,
	// "enable" and "suspend" set the versioning.
	tests := []struct{ name, bucket, steps, want string }{
		{"never versioned: the second object replaces the first", "plain", "put a, put b", "null:b"},
		{"never versioned: delete removes it without a marker", "plain", "put a, delete", ""},
		{"never versioned: deleting nothing is fine", "plain", "delete", ""},
		{"enabled: both stay, the newest first", "kept", "put a, put b", "id:b id:a"},
		{"enabled: delete puts a marker on top", "kept", "put a, delete", "id:marker id:a"},
		{"enabled: deleting nothing makes a marker", "kept", "delete", "id:marker"},
		{"suspended: the second object replaces the null version", "held", "put a, put b", "null:b"},
		{"suspended: delete puts a null marker in the place of the null version", "held", "put a, delete", "null:marker"},
		{"an object from before versioning stays as null", "plain", "put a, enable, put b", "id:b null:a"},
		{"suspending keeps the versions and adds one null", "kept", "put a, put b, suspend, put c, put d", "null:d id:b id:a"},
		{"a null version comes to the front when it is replaced", "plain", "put a, enable, put b, suspend, put c", "null:c id:b"},
		{"a null marker replaces the null version further down", "plain", "put a, enable, put b, suspend, delete", "null:marker id:b"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w, _ := cloud(t, Limits{})
			for step := range strings.SplitSeq(tt.steps, ", ") {
				switch word, body, _ := strings.Cut(step, " "); word {
				case "put":
					store(t, w, tt.bucket, "k", body)
				case "delete":
					if _, _, err := w.DeleteKey(tt.bucket, "k", "111122223333"); err != nil {
						t.Fatal(err)
					}
				case "enable":
					mustApply(t, w, VersioningSet(tt.bucket, "Enabled"))
				case "suspend":
					mustApply(t, w, VersioningSet(tt.bucket, "Suspended"))
				}
			}
			b, _ := w.Bucket(tt.bucket)
			var got []string
			for _, v := range b.Objects.Get("k") {
				id, body := "id", v.Metadata["body"]
				if v.ID == NullID {
					id = NullID
				}
				if v.DeleteMarker {
					body = "marker"
				}
				got = append(got, id+":"+body)
			}
			if strings.Join(got, " ") != tt.want {
				t.Errorf("the key holds %q, want %q", strings.Join(got, " "), tt.want)
			}
		})
	}
}

func TestStoreVersionSaysWhatItReplaced(t *testing.T) {
	w, _ := cloud(t, Limits{})
	first := store(t, w, "plain", "k", "a")
	_, replaced, err := w.StoreVersion("plain", object(w, "k", "b"))
	if err != nil || replaced != first {
		t.Errorf("replaced %v, %v; want the first version", replaced, err)
	}
	_, replaced, err = w.StoreVersion("kept", object(w, "k", "b"))
	if err != nil || replaced != nil {
		t.Errorf("replaced %v, %v in an enabled bucket; want nothing", replaced, err)
	}
}

func TestRefusedChanges(t *testing.T) {
	w, _ := cloud(t, Limits{})
	v := store(t, w, "kept", "k", "a")
	mustApply(t, w, UploadStarted("kept", Upload{ID: "u", Key: "big"}))
	blob := w.PutBlob([]byte("x"))
	sealed := v.Sealed
	sealed.Ciphertext = blob
	marker := Version{Key: "k", ID: NullID, DeleteMarker: true}
	filled := marker
	filled.Size = 1
	two := BucketMade(w.NewBucket("new-one", "111122223333"))
	two.Set = &Settings{}
	tests := []struct {
		name string
		e    Effect
		want error
	}{
		{"a bucket that is there", BucketMade(w.NewBucket("kept", "111122223333")), ErrExists},
		{"a bucket with an impossible name", BucketMade(w.NewBucket("Kept", "111122223333")), ErrInvalid},
		{"a bucket of nobody", BucketMade(w.NewBucket("new", "999999999999")), ErrInvalid},
		{"a bucket of an unknown era", BucketMade(w.NewBucketOf("1999", "new", "111122223333")), ErrInvalid},
		{"removing a bucket with objects", BucketRemoved("kept"), ErrNotEmpty},
		{"removing a bucket that is not there", BucketRemoved("gone"), ErrNoBucket},
		{"versioning back to never", VersioningSet("kept", ""), ErrInvalid},
		{"a setting that sets nothing", BucketSet("kept", Settings{}), ErrInvalid},
		{"a version in no bucket", VersionStored("gone", *v), ErrNoBucket},
		{"the same version id twice", VersionStored("kept", *v), ErrExists},
		{"a null version while versioning is enabled", VersionStored("kept", Version{Key: "k", ID: NullID, Sealed: sealed}), ErrInvalid},
		{"a version id where versioning is suspended", VersionStored("held", Version{Key: "k", ID: "v", Sealed: sealed}), ErrInvalid},
		{"a marker where versioning never was", VersionStored("plain", marker), ErrInvalid},
		{"a marker with content", VersionStored("held", filled), ErrInvalid},
		{"a version without ciphertext", VersionStored("plain", Version{Key: "k", ID: NullID}), ErrInvalid},
		{"a version whose blob was never put", VersionStored("plain", Version{Key: "k", ID: NullID, Sealed: sealedAs("feed")}), ErrNoBlob},
		{"a key of no bytes", VersionStored("plain", Version{ID: NullID, Sealed: sealed}), ErrInvalid},
		{"a key of 1025 bytes", VersionStored("plain", Version{Key: strings.Repeat("k", 1025), ID: NullID, Sealed: sealed}), ErrInvalid},
		{"a key that is not UTF-8", VersionStored("plain", Version{Key: "\xff", ID: NullID, Sealed: sealed}), ErrInvalid},
		{"removing a version that is not there", VersionRemoved("kept", "k", "other"), ErrNoVersion},
		{"an upload twice", UploadStarted("kept", Upload{ID: "u", Key: "big"}), ErrExists},
		{"part 0", PartStored("kept", "u", Part{Number: 0, Sealed: sealed}), ErrInvalid},
		{"part 10001", PartStored("kept", "u", Part{Number: 10001, Sealed: sealed}), ErrInvalid},
		{"a part of no upload", PartStored("kept", "other", Part{Number: 1, Sealed: sealed}), ErrNoUpload},
		{"ending no upload", UploadEnded("kept", "other"), ErrNoUpload},
		{"a clock that stands still", ClockJumped(Point{Real: w.RealNow(), Simulated: w.Now()}), ErrInvalid},
		{"an effect of no kind", Effect{}, ErrInvalid},
		{"an effect without its payload", Effect{Kind: KindPartStored, Bucket: "kept"}, ErrInvalid},
		{"an effect with two payloads", two, ErrInvalid},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			before := w.Hash()
			if err := w.Apply(tt.e); !errors.Is(err, tt.want) {
				t.Errorf("got %v, want %v", err, tt.want)
			}
			if w.Hash() != before {
				t.Error("a refused change changed something")
			}
		})
	}
}

func TestCompleteUpload(t *testing.T) {
	w, _ := cloud(t, Limits{SandboxBytes: 10})
	mustApply(t, w, UploadStarted("plain", Upload{ID: "u", Key: "big"}))
	for n := 1; n <= 2; n++ {
		mustApply(t, w, PartStored("plain", "u", Part{Number: n, Size: 4, Sealed: sealedAs(w.PutBlob([]byte{byte(n)}))}))
	}
	b, _ := w.Bucket("plain")
	made := Version{Key: "big", Size: 8, Parts: b.Uploads.Get("u").PartList()}

	if _, _, err := w.CompleteUpload("plain", "other", made); !errors.Is(err, ErrNoUpload) {
		t.Errorf("an unknown upload: %v", err)
	}
	hole := made
	hole.Parts = []Part{{Number: 1, Size: 4}}
	if _, _, err := w.CompleteUpload("plain", "u", hole); !errors.Is(err, ErrInvalid) {
		t.Errorf("a part without ciphertext: %v", err)
	}
	if b, _ := w.Bucket("plain"); b.Uploads.Len() != 1 {
		t.Fatal("a refused completion ended the upload")
	}
	// 8 of 10 bytes are in parts: the completed object fits because theirs are given back.
	v, _, err := w.CompleteUpload("plain", "u", made)
	if err != nil {
		t.Fatal(err)
	}
	if u := w.Usage(); u.Uploads != 0 || u.Parts != 0 || u.Versions != 1 || u.Bytes != 8 {
		t.Errorf("usage after completing: %+v", u)
	}
	w.Drain()
	w.PutBlob(nil) // settles
	for _, p := range v.Parts {
		if _, err := w.Blob(p.Sealed.Ciphertext); err != nil {
			t.Errorf("part %d of the stored version: %v", p.Number, err)
		}
	}
}

func TestABlobLivesAsLongAsSomethingRefersToIt(t *testing.T) {
	w, _ := cloud(t, Limits{})
	v := store(t, w, "plain", "k", "a")
	stray := w.PutBlob([]byte("stray"))
	_, blobs, _ := w.Drain()
	if len(blobs) != 1 || blobs[v.Sealed.Ciphertext] == nil {
		t.Errorf("the batch has %d blobs, want the one that was stored", len(blobs))
	}
	w.PutBlob([]byte("next request"))
	if _, err := w.Blob(stray); !errors.Is(err, ErrNoBlob) {
		t.Errorf("a blob nothing refers to: %v", err)
	}
	if _, err := w.RemoveVersion("plain", "k", NullID); err != nil {
		t.Fatal(err)
	}
	w.Drain()
	w.Drain()
	if _, err := w.Blob(v.Sealed.Ciphertext); !errors.Is(err, ErrNoBlob) {
		t.Errorf("the blob of a removed version: %v", err)
	}
}

func TestRevertOfARemovedBucketLeavesClonesAlone(t *testing.T) {
	w, _ := cloud(t, Limits{})
	c := w.Clone()
	mustApply(t, w, BucketRemoved("plain"))
	w.Revert()
	store(t, w, "plain", "k", "a")
	if b, _ := c.Bucket("plain"); b.Objects.Len() != 0 {
		t.Error("the clone sees an object of the original")
	}
}
