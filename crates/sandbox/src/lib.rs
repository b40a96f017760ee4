mod media;
mod take;
