import Catalog
import Glibc

extension ImageReader {
  /// Decodes what `buffer` holds of a file, or has the decoder process read the open file.
  func decode(
    _ file: borrowing ArchiveFile, _ forms: [RasterForm]
  ) throws(ImageProblem) -> DecodedImage {
    let format = try identify(file)
    guard buffer.isWhole, let lane = format.lane else {
      return try decodeByProcess(file, format, nil, forms)
    }
    var stage = DecodeFailure.Stage.header
    var orientation: Orientation?
    do {
      let header = unsafe try lanes.header(of: lane, buffer.bytes)
      let (width, height) = header.orientedSize
      if let refusal = settings.refusal(width: width, height: height) {
        throw ImageProblem.quarantined(
          DecodeFailure(path: file.path, stage: stage, decoder: lane.decoder, reason: refusal))
      }
      orientation = width > 0 ? header.orientation : nil
      if header.isDeclined { throw LaneDecoder.Problem.declined }
      takeRoom(byteCount: file.byteCount + header.workingByteCount)
      stage = .decode
      let decoded = unsafe try lanes.decode(
        lane, buffer.bytes, header: header,
        specifications: forms.map { $0.specification(width: width, height: height) },
        deadline: Deadline(afterSeconds: settings.secondsPerImage))
      return DecodedImage(
        format: format, lane: lane, library: lane.library, width: width, height: height,
        warningCount: decoded.warningCount, rasters: decoded.rasters)
    } catch LaneDecoder.Problem.declined {
      return try decodeByProcess(file, format, orientation, forms)
    } catch let problem as LaneDecoder.Problem {
      throw imageProblem(problem, file.path, stage, lane.decoder)
    } catch let problem as ImageProblem {
      throw problem
    } catch {
      preconditionFailure("an error of an unknown type: \(error)")
    }
  }

  /// What the bytes are; throws for everything that no lane reads.
  private func identify(_ file: borrowing ArchiveFile) throws(ImageProblem) -> ImageFormat {
    let path = file.path
    func failure(
      _ stage: DecodeFailure.Stage, _ reason: DecodeFailure.Reason
    ) -> ImageProblem {
      .quarantined(DecodeFailure(path: path, stage: stage, decoder: .none, reason: reason))
    }
    guard let format = unsafe ImageFormat.identify(buffer.prefix) else {
      let isEmpty = file.byteCount == 0
      guard ImageName.promisesImage(path) else {
        throw .skipped(reason: isEmpty ? "an empty file" : "not an image by its bytes")
      }
      throw failure(.identify, isEmpty ? .empty : .notAnImage)
    }
    if format.isDrawing, !ImageName.promisesImage(path) {
      throw .skipped(reason: "\(format.displayName): drawing instructions, not pixels")
    }
    guard format.isRead(settings) else { throw failure(.format, .unsupported(format)) }
    return format
  }

  private func imageProblem(
    _ problem: LaneDecoder.Problem, _ path: ArchivePath, _ stage: DecodeFailure.Stage,
    _ decoder: DecodeFailure.Decoder
  ) -> ImageProblem {
    func failure(_ reason: DecodeFailure.Reason) -> DecodeFailure {
      DecodeFailure(path: path, stage: stage, decoder: decoder, reason: reason)
    }
    return switch problem {
    case .declined: preconditionFailure("what a lane declines goes to libvips")
    case .damaged(let detail): .quarantined(failure(.damaged(detail: detail)))
    case .outOfTime: .outOfTime(failure(.outOfTime(seconds: settings.secondsPerImage)))
    case .outOfMemory: .notRead(ReadFailure(path: path, errno: ENOMEM))
    }
  }

  /// Decodes by libvips in the decoder process.
  private func decodeByProcess(
    _ file: borrowing ArchiveFile, _ format: ImageFormat, _ orientation: Orientation?,
    _ forms: [RasterForm]
  ) throws(ImageProblem) -> DecodedImage {
    guard format.loader != nil else {
      throw .quarantined(
        DecodeFailure(
          path: file.path, stage: .format, decoder: .none, reason: .unsupported(format)))
    }
    takeRoom(byteCount: .max)
    let deadline = Deadline(afterSeconds: settings.secondsPerImage)
    let message = DecoderRequest(
      format: format, orientation: orientation, settings: settings, rasters: forms)
    let answer: (reply: DecoderReply, pixels: [UInt8])
    do throws(DecoderClient.Problem) {
      answer = try client.decode(message, descriptor: file.descriptor, deadline: deadline)
    } catch {
      throw imageProblem(error, file.path)
    }
    // The process read the file again: what it says holds only for the bytes that were hashed.
    do throws(ReadFailure) { try file.checkUnchanged() } catch { throw .notRead(error) }
    let reply = answer.reply
    guard reply.outcome == .decoded else { throw imageProblem(reply, file.path, format) }
    var offset = 0
    let rasters = forms.map { form in
      let specification = form.specification(width: reply.width, height: reply.height)
      defer { offset += specification.byteCount }
      let pixels = Array(answer.pixels[offset..<(offset + specification.byteCount)])
      return Raster(specification: specification, pixels: pixels)
    }
    return DecodedImage(
      format: format, lane: .vips, library: client.library, width: reply.width,
      height: reply.height, warningCount: 0, rasters: rasters)
  }

  private func imageProblem(
    _ reply: DecoderReply, _ path: ArchivePath, _ format: ImageFormat
  ) -> ImageProblem {
    // Some allocations fail without a word.
    let damaged = DecodeFailure.Reason.damaged(
      detail: reply.detail.isEmpty
        ? "no reason given: it is damaged, or needs more than 'decoderMemory', "
          + "\(settings.decoderMemoryBytes) bytes" : reply.detail)
    let (stage, reason): (DecodeFailure.Stage, DecodeFailure.Reason) =
      switch reply.outcome {
      case .refused:
        (.header, settings.refusal(width: reply.width, height: reply.height) ?? damaged)
      case .damagedHeader: (.header, damaged)
      case .noLoader: (.format, .unsupported(format))
      case .outOfMemory:
        (.decode, .decoderOutOfMemory(limitBytes: settings.decoderMemoryBytes))
      case .decoded, .damaged: (.decode, damaged)
      }
    return .quarantined(
      DecodeFailure(path: path, stage: stage, decoder: .libvips, reason: reason))
  }

  private func imageProblem(
    _ problem: DecoderClient.Problem, _ path: ArchivePath
  ) -> ImageProblem {
    func failure(_ reason: DecodeFailure.Reason) -> DecodeFailure {
      DecodeFailure(path: path, stage: .decode, decoder: .libvips, reason: reason)
    }
    switch problem {
    case .outOfTime:
      return .outOfTime(failure(.outOfTime(seconds: settings.secondsPerImage)))
    case .notStarted(let errno):
      return .notRead(ReadFailure(path: path, reason: .decoderNotStarted(errno: errno)))
    case .endedEarly: return .notRead(ReadFailure(path: path, reason: .decoderEndedEarly))
    case .died(let signal):
      guard signal == 0 || DecodeFailure.isJudgement(signal: Int32(signal)) else {
        return .notRead(ReadFailure(path: path, reason: .decoderKilled))
      }
      return .quarantined(failure(.decoderDied(signal: signal)))
    }
  }
}

extension DecodedImage.Lane {
  /// The library at work.
  var decoder: DecodeFailure.Decoder {
    switch self {
    case .jpeg: .libjpegTurbo
    case .png: .libdeflate
    case .bmp: .bitmap
    case .vips: .libvips
    }
  }
}

extension LaneDecoder.Header {
  /// Width and height once turned.
  var orientedSize: (width: Int, height: Int) {
    orientation.swapsAxes ? (height, width) : (width, height)
  }
}
