"""The commands of the command line, one file each; a command is imported only when it is used."""
