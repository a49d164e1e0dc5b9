extension ImageFormat {
  /// Why files of this format are left out, and the way in.
  var refusal: String {
    switch self {
    case .bmp:
      "of BMP files those are read that are not compressed, with 8, 24 or 32 bits a pixel, up to "
        + "\(DecodeSettings.wholeFileByteCount >> 20) MiB; convert it to PNG, for example with "
        + "ImageMagick: convert FILE FILE.png"
    case .ico, .psd, .netpbm, .qoi, .dds, .openEXR:
      "\(displayName) files are not read; convert it to PNG, for example with "
        + "ImageMagick: convert FILE FILE.png"
    case .cameraRaw:
      "raw files of cameras are not read; convert it to TIFF or JPEG, for example with darktable-cli"
    case .jpegXL, .jpeg2000:
      "\(displayName) files are read only in a run made with '--formats \(rawValue)'"
    case .svg, .pdf, .postScript:
      "a \(displayName) file holds drawing instructions, not pixels; "
        + "convert it to PNG, for example with ImageMagick: convert FILE FILE.png"
    case .jpeg, .png, .gif, .webp, .tiff, .heif, .avif:
      "this machine's libvips reads no \(displayName); `likeness formats` lists what it does"
    }
  }

  /// The name that people know it by.
  public var displayName: String {
    switch self {
    case .jpegXL: "JPEG XL"
    case .jpeg2000: "JPEG 2000"
    case .webp: "WebP"
    case .cameraRaw: "camera raw"
    case .openEXR: "OpenEXR"
    case .netpbm: "Netpbm"
    case .postScript: "PostScript"
    case .jpeg, .png, .gif, .tiff, .heif, .avif, .bmp, .ico, .psd, .qoi, .dds, .svg, .pdf:
      rawValue.uppercased()
    }
  }
}
