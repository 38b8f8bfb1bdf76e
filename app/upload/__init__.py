"""The Upload page: the uploader, the uploaded files of a visit, their gallery, and one file in detail."""
