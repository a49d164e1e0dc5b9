// Carries the flags for libvips' headers from pkg-config to CVips; nothing imports it from Swift.
