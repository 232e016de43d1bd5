"""The binder for an inspection: every paper of a study in a folder, with index, manifest and a verifier of its own."""
