"""The write side: jobs become stored events or dead letters; dead letters are sent again."""
