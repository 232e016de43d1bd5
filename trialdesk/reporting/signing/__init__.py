"""The signing of files by PAdES, and the proving of what is signed. pyHanko is known here and nowhere else."""
