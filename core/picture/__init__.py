"""Pictures of takes, drawn with numpy alone."""
