"""Many lines at once: a manifest in, a motion file and a status for each line out."""
