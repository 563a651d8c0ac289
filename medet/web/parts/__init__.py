"""Components every desk is made of: page frame, styles, scripts, icons, and the shapes templates are filled with."""
