"""Where file names and bytes come from: the work tree, the git index, a commit, memory."""
