"""Every real page in every look: the ward it shows, the scenes, and how a page is judged. `make prove-pages`."""
