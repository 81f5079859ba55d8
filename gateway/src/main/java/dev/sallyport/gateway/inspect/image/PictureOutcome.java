package dev.sallyport.gateway.inspect.image;

/** What reading a body as a picture came to. */
public sealed interface PictureOutcome permits Picture, Defect {}
