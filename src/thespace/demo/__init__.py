"""An installation with people and talk in it. `content` says who and where, `scenes/` what is said."""
