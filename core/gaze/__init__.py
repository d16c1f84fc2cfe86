"""Eyes that belong to the head: gaze for any head motion, and its conversion to the channels of characters."""
