"""Reference video, head motion and speech to a talking-head video."""
