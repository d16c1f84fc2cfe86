"""Reference video to a Person: landmarks, matte, background, mesh fit, flow registration, cache."""
