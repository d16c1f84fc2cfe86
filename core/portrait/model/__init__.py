"""Data of the talking-head video: the request, the person, poses in the image, mesh topology."""
